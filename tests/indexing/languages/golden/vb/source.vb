' Orders of a shop.
Imports System.Text
Imports Json = Newtonsoft.Json.Linq

Namespace Shop

    Public Interface IStore
        Sub Save(ByVal order As Order)
        ReadOnly Property Name As String
    End Interface

    ''' <summary>
    ''' What a customer wants.
    ''' </summary>
    Public MustInherit Class OrderBase
        Implements IStore

        Public MustOverride Function Total() As Decimal

        Public Overridable Sub Save(ByVal order As Order) Implements IStore.Save
            Log("Sub Nobody()") ' Nobody()
        End Sub

        Public ReadOnly Property Name As String Implements IStore.Name
            Get
                Return "order"
            End Get
        End Property
    End Class

    <Serializable()>
    Public Class Order
        Inherits OrderBase

        Private Const Limit As Integer = 10
        Private ReadOnly _store As IStore
        Private _items As New List(Of Item)
        Public Property State As OrderState
        Public Event Changed(sender As Object)

        Public Sub New(store As IStore)
            MyBase.New()
            _store = store
            AddHandler Me.Changed, AddressOf OnChanged
        End Sub

        Public Overrides Function Total() As Decimal
            Dim sum = 0D, prices(10) As Decimal
            For Each item As Item In _items
                sum += item.Price() + _
                    prices(0)
            Next
            Return Rounded(sum)
        End Function

        Private Shared Function Rounded(value As Decimal) As Decimal
            Return Math.Round(value, 2)
        End Function

        Private Sub OnChanged(sender As Object)
            _store.Save(Me)
            Dim copy As New Order(_store)
            If copy.Total() > Limit Then Call Tell(copy) Else Beep
        End Sub

        Public Structure Line
            Public Count As Integer
        End Structure

        Public Enum OrderState
            Open
            Paid
        End Enum
    End Class

    Module Helpers
        Declare Function GetTickCount Lib "kernel32" () As Long

        Public Sub Tell(order As Order)
            MsgBox "Saved", vbInformation
            order.Save order
            Dim text As String = New StringBuilder().ToString()
        End Sub
    End Module
End Namespace
